"""How often something may be tried. A *try* has a kind and a subject. A *limit* is how many are allowed in a time.

2026-11-22 A try at a code is counted before the code is compared, in its own transaction. Otherwise guesses made at the
same moment would all be compared before the first was counted.
"""
