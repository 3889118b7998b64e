"""What a laboratory orders and pipettes: order sheets, plates, prices, mixing protocols."""
