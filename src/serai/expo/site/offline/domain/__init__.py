"""What makes a fair an application, and whose pages a device keeps."""
