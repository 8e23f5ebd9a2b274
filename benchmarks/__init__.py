"""How fast the emitted kernels are, and what else there is: `make bench`.

Times mean nothing here, ratios do: everything is measured in one process, in turns, and divided by
the *floor*, the larger of reading X once and of 4·n·D·C operations at the speed of this processor's
fused multiply-adds, measured in the same turns.
"""
