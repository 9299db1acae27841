"""The treasury's vouchers behind a batch: one for what it takes from each budget line, issued anew when wrong."""
