"""Acting for others: an organiser as a person of a firm, staff with all rights; timed and recorded."""
