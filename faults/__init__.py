"""What a fair bears: `serai up` is killed, starved and cut off under load, and nothing that it acknowledged is lost.

A part of the trials, beside benchmarks/: see docs/operate/faults.md. Everything runs on loopback, on an instance and a
database of its own.
"""
