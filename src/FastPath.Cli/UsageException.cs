using System;

namespace FastPath.Cli;

/// <summary>The command line or a file named on it makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
