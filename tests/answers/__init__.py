"""For each part, answers to its exercises: the right one, and wrong ones with what they are told.

A module ``part_2_3`` holds ``RIGHT``, ``{exercise: arguments of its check}``, and ``WRONG``,
``{exercise: [(arguments, words that the check must say), ...]}``.
"""
