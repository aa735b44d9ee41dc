"""Who fits whom, calculated with NumPy and SciPy alone.

Invariants: nothing here imports Django or another app; the same data gives the same order, with
ties broken by id.
"""
