"""What every protocol needs: parties, tables, stores, nodes, operations."""
