"""What buying makes public: calls, admissions and their ends, contracts."""
