using System;
using Microsoft.Extensions.Logging;

namespace FastPath.Control.Daemon;

/// <summary>What the web server has to say goes where the daemon's own lines go; warnings and worse only.</summary>
internal sealed class LogProvider : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Daemon.Log.Say(exception == null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception}");
    }

    public void Dispose()
    {
        // Nothing to release.
    }
}
