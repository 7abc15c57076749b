"""The page of insights, its drawings, and the files one may take away."""
