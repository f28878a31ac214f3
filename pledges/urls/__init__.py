"""Addresses: under /loften/ for residents, under /arbete/loften/ for workers."""
