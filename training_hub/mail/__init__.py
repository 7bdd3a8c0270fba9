"""The outbox: an email is a row, stored with the change that it tells of, and delivered once.

A *template* is the source of its words, an *envelope* everything else about it, a *key* what stops a second copy.
"""
