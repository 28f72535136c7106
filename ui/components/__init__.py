"""What Streamlit lacks, drawn in the browser: video and curves on one clock, uploads that stream."""
