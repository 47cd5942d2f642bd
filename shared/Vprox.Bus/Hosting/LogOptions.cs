using Serilog.Events;

namespace Vprox.Bus.Hosting;

/// <summary>The shape of log lines.</summary>
public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line (Serilog's compact format), with every property of the event.</summary>
    Json,
}

/// <summary>Section <c>Log</c>: what is written to standard output and, when asked, to a file.</summary>
public sealed class LogOptions : IValidatedOptions
{
    /// <summary>Text or Json; both for the console and the file.</summary>
    public LogFormat Format { get; set; }

    /// <summary>A file that gets the same lines; null means none. Grows to 50 MB, then 5 older ones are kept.</summary>
    public string? File { get; set; }

    /// <summary>The least level of the service's own lines; the frameworks below it speak from Warning on.</summary>
    public LogEventLevel Level { get; set; } = LogEventLevel.Information;

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (File is not null && string.IsNullOrWhiteSpace(File)) yield return "File: is empty; leave the key out for no file";
    }
}
