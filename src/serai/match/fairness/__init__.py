"""Fairness of lists: how attention is spread, floors that are kept or proved impossible, and what they cost.

Lists are integer arrays (n, k): for each reader the columns shown, the best first, -1 where the list is shorter.
"""
