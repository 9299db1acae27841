"""A generated city that lives through one week of the main job, through the same services as the web uses.

Everything here is demonstration data, made from a seed: no person, organization or number in it is real. The
places and the rules are.
"""
