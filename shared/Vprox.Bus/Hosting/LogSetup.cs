using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Vprox.Bus.Hosting;

internal static class LogSetup
{
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Service} {Message:lj}{NewLine}{Exception}";

    public static Logger Create(LogOptions options, string service)
    {
        ITextFormatter formatter = options.Format == LogFormat.Json
            ? new CompactJsonFormatter()
            : new MessageTemplateTextFormatter(Line, System.Globalization.CultureInfo.InvariantCulture);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Is(options.Level)
            .MinimumLevel.Override("Microsoft", Atleast(LogEventLevel.Warning, options.Level))
            .MinimumLevel.Override("System", Atleast(LogEventLevel.Warning, options.Level))
            // Whoever asks for the health is told; a line per question would bury the rest.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            // The bus speaks for itself (Messaging/Log.cs), once per state; MassTransit would add a stack trace per attempt.
            .MinimumLevel.Override("MassTransit", options.Level <= LogEventLevel.Debug ? options.Level : LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Service", service)
            .WriteTo.Console(formatter);
        if (options.File is not null)
        {
            logger.WriteTo.File(formatter, options.File, fileSizeLimitBytes: 50 << 20, rollOnFileSizeLimit: true, retainedFileCountLimit: 6);
        }
        return logger.CreateLogger();
    }

    private static LogEventLevel Atleast(LogEventLevel floor, LogEventLevel asked) => asked > floor ? asked : floor;
}
