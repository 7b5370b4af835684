"""Where jobs live: four narrow protocols and their implementations."""
