"""The sandbox world: demo data and history, and the mailbox that keeps its mails."""
