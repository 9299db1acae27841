"""Full-time mediators: the monthly base that their document of appointment names."""
