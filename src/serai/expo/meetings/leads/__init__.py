"""Lead retrieval: people met at a booth, and the follow-up."""
