"""A programme to look around in: the real course figures of 2019-20, and beside them dates that lie around today.

The figures by course are those that the partnership printed. People, their agencies, what they answered and how the
figures spread over dates are invented; every address ends in example.org.
"""
