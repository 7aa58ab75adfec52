"""Working on help questions: what needs me today, one question, the lists and the caseload."""
