"""Everything Streamlit that pages share: context, navigation, URL state, blocks."""
