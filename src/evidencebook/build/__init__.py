"""What a build is beside its pages: fresh, checked first, quick, private, and told in a few lines."""
