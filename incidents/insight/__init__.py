"""What the published corpus teaches: figures with the sentence, the table and the limits that belong to them."""
