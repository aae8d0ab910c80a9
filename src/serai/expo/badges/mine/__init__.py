"""The badges of who comes without a booth: buyers, delegations, the press, speakers."""
