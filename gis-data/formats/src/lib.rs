//! Readers and writers of files: bytes in, records out.
