"""Sends random datagrams to a heartbeat port at a steady rate, for a bounded time; prints how many were sent.

usage: flood.py ADDRESS[:PORT] SECONDS DATAGRAMS_A_SECOND
"""
import os
import socket
import sys
import time

address, seconds, rate = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
host, _, port = address.partition(":")
target = (host, int(port or 7694))
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
garbage = [os.urandom(size) for size in (1, 16, 64, 200, 400, 900, 1400)]
begin = time.monotonic()
sent = 0
while (elapsed := time.monotonic() - begin) < seconds:
    due = int(elapsed * rate) - sent
    if due <= 0:
        time.sleep(0.0005)
        continue
    for _ in range(min(due, 512)):
        try:
            out.sendto(garbage[sent % len(garbage)], target)
        except OSError:
            pass
        sent += 1
print(sent)
