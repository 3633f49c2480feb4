"""What keeps a firm from exporting, and how ready it is: hearing troubles, asking back, diagnosing, testing.

Pure reasoning over records and the pack's `diagnosis/` and `readiness/` data. Conversations, pictures and pages
are the actions' work.
"""
