"""Tenders that the provincial platform runs, recorded here step by step, each judged by the law of its day."""
