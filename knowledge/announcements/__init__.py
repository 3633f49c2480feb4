"""Announcements of support programmes from 기업마당 (bizinfo.go.kr): fetched, read, kept, found and told.

What lives here: the connector to the ministry's open list and the announcements as it names them. What does not:
programmes that run every year (records of the pack), and whether a firm may take part (the announcement says so).
"""
