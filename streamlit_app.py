"""The entry point of the dashboard: ``streamlit run streamlit_app.py``."""

from fmnist_core.ui.router import run_app

run_app()
