using Microsoft.Extensions.Logging;

namespace Vprox.Sysctl;

/// <summary>What is said of kernel settings. Columns of a value are separated as the kernel does, by a tab.</summary>
internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Information, "Kernel setting {Name} was set to {After}, it was {Before}: {Why}")]
    public static partial void WasSet(this ILogger logger, string name, string before, string after, string why);

    [LoggerMessage(1102, LogLevel.Warning, "Kernel setting {Name} was set to {After} again, somebody had changed it to {Before}: {Why}")]
    public static partial void WasReset(this ILogger logger, string name, string before, string after, string why);

    [LoggerMessage(1103, LogLevel.Warning, "Kernel setting {Name} is {Before} and should be {After}, and can't be set from here; set it on the host: {Why} ({Reason})")]
    public static partial void NotSet(this ILogger logger, string name, string before, string after, string why, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "Kernel setting {Name} can't be seen from here; look at it on the host: {Why}")]
    public static partial void NotHere(this ILogger logger, string name, string why);
}
