"""What a function writes to, and what it keeps from one call to the next.

purity                  inputs that are changed; the same data, answered otherwise
history, state          what is answered call after call, and why
stale, accumulated      what an earlier call has left: used again, or added to
"""
