"""The steps: each takes its inputs from the artifact store and gives its outputs back to it.

No step knows another; what follows what stands in `rentals.plan`.
"""
