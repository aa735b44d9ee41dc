"""The wire contract: real sockets against real processes, both ways to run, both servers."""
