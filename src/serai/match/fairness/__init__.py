"""Fairness of lists: the exposure of firms, floors that are kept or proved impossible, and their cost.

Lists are integer arrays (n, k): the columns shown to each reader, the best first, -1 where a list is shorter.
"""
