using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Vprox.Allocator.Tests.Storage;

/// <summary>Keeps what the service logs.</summary>
internal sealed class SaidLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Sentence)> _lines = new();

    /// <summary>The sentences of one event, oldest first.</summary>
    public IReadOnlyList<string> Of(int eventId) => _lines.Where(line => line.Id == eventId).Select(line => line.Sentence).ToList();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)}")));

    public void Dispose()
    {
    }
}
