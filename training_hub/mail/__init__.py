"""The outbox: an email is a row, stored in the transaction of the change it reports, and delivered once.

A *template* gives an email its words, an *envelope* holds everything else about it, and a *key* prevents a second copy.
"""
