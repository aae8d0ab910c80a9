"""The record of a firm: its fields, who reads them, who said them."""
