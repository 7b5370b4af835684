"""Reading PDFs: PDFium first, pypdf where it refuses."""
