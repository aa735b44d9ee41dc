"""The servers that the benchmarks compare with: Socket.IO, a bare loop in C, the tutorial."""
