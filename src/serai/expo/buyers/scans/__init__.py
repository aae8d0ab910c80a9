"""The pages of contacts: kept from badges and from the pages of firms."""
