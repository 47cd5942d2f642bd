using System.CommandLine;
using Vprox.WireGuard;

namespace Vprox.Cli.Commands;

/// <summary>Options that both commands have.</summary>
internal static class SharedOptions
{
    /// <summary>The environment variable that holds the token, as modal-labs/vprox has it: a command line can be read by everyone on the host.</summary>
    public const string PasswordVariable = "VPROX_PASSWORD";

    /// <summary>The folder of keys and of what is known.</summary>
    public static Option<string> StateDirectory() => new("--state-directory")
    {
        Description = "folder of the keys and of what is known from earlier runs",
        DefaultValueFactory = _ => "/var/lib/vprox",
    };

    /// <summary>Which WireGuard.</summary>
    public static Option<WireGuardBackend> WireGuard() => new("--wireguard")
    {
        Description = "Auto takes the kernel's where it has one, else wireguard-go",
        DefaultValueFactory = _ => WireGuardBackend.Auto,
    };

    /// <summary>The HTTPS port.</summary>
    public static Option<int> Port() => new("--port") { Description = "HTTPS port", DefaultValueFactory = _ => 443 };
}
