"""Matchings of a general graph that leave out whom it is least unfair to leave out.

The sets of vertices that some matching covers are the independent sets of a matroid (Edmonds and
Fulkerson, 1965), so covering vertices one by one in the order of their weight is optimal. A vertex
is covered along an alternating path to a free vertex or to a lighter one, which becomes free;
blossoms are contracted as by Edmonds (Paths, trees, and flowers, 1965).
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FREE = -1


def cover(
    edges: NDArray[np.bool_], weight: NDArray[np.int64], mates: Sequence[int]
) -> Sequence[int]:
    """A matching whose covered vertices are the heaviest, and therefore as many as possible.

    Args:
        edges: Symmetric, without loops.
        weight: Of each vertex; equal ones are taken in the order of their rows.
        mates: A matching to begin with: the row of each vertex's mate, or ``FREE``.
    """
    graph = _Graph(edges, mates)
    for root in sorted(range(len(mates)), key=lambda row: (-weight[row], row)):
        if graph.mates[root] == FREE:
            graph.cover(root, weight)
    return graph.mates


class _Graph:
    """A graph with its matching, and the alternating tree that is being searched."""

    def __init__(self, edges: NDArray[np.bool_], mates: Sequence[int]) -> None:
        self.size = len(mates)
        self.near = [np.flatnonzero(row).tolist() for row in edges]
        self.mates = list(mates)
        # A failed search's tree never helps a later root, which is no heavier.
        self.is_dead = [False] * self.size
        self.parents: list[int] = []
        self.bases: list[int] = []
        self.is_outer: list[bool] = []

    def cover(self, root: int, weight: NDArray[np.int64]) -> None:
        end = self._search(root)
        if end != FREE:
            self._flip(end)
            return
        lighter = [
            row for row in range(self.size) if self.is_outer[row] and weight[row] < weight[root]
        ]
        if lighter:
            last = min(lighter, key=lambda row: (weight[row], -row))
            other = self.mates[last]
            self.mates[last] = FREE
            self._flip(other)
            return
        for row in range(self.size):
            if self.is_outer[row] or self.parents[row] != FREE:
                self.is_dead[row] = True

    def _flip(self, end: int) -> None:
        """Change mates along the path from ``end`` back to the root."""
        while end != FREE:
            before = self.parents[end]
            following = self.mates[before]
            self.mates[end], self.mates[before] = before, end
            end = following

    def _search(self, root: int) -> int:
        """A free vertex at the end of an alternating path from the root, or ``FREE``."""
        self.parents = [FREE] * self.size
        self.bases = list(range(self.size))
        self.is_outer = [False] * self.size
        self.is_outer[root] = True
        queue = deque([root])
        while queue:
            row = queue.popleft()
            for near in self.near[row]:
                mate = self.mates[near]
                if (
                    self.is_dead[near]
                    or self.bases[row] == self.bases[near]
                    or self.mates[row] == near
                ):
                    continue
                if near == root or (mate != FREE and self.parents[mate] != FREE):
                    queue.extend(self._contract(row, near))
                elif self.parents[near] == FREE:
                    self.parents[near] = row
                    if mate == FREE:
                        return int(near)
                    self.is_outer[mate] = True
                    queue.append(mate)
        return FREE

    def _contract(self, first: int, second: int) -> list[int]:
        """Make one vertex of the blossom that the edge closes; the rows that are outer by it."""
        base = self._common_base(first, second)
        inside = [False] * self.size
        self._mark(first, base, second, inside)
        self._mark(second, base, first, inside)
        fresh = []
        for row in range(self.size):
            if inside[self.bases[row]]:
                self.bases[row] = base
                if not self.is_outer[row]:
                    self.is_outer[row] = True
                    fresh.append(row)
        return fresh

    def _common_base(self, first: int, second: int) -> int:
        seen = set()
        while True:
            first = self.bases[first]
            seen.add(first)
            if self.mates[first] == FREE:
                break
            first = self.parents[self.mates[first]]
        while True:
            second = self.bases[second]
            if second in seen:
                return second
            second = self.parents[self.mates[second]]

    def _mark(self, row: int, base: int, child: int, inside: list[bool]) -> None:
        while self.bases[row] != base:
            mate = self.mates[row]
            inside[self.bases[row]] = inside[self.bases[mate]] = True
            self.parents[row] = child
            child = mate
            row = self.parents[mate]
