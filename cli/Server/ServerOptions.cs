using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent;
using Vprox.WireGuard;

namespace Vprox.Cli.Server;

/// <summary>A server's options, checked.</summary>
internal sealed record ServerOptions
{
    /// <summary>modal-labs/vprox has no default; this is the block of its README.</summary>
    public const string DefaultBlock = "240.1.0.0/16";

    /// <summary>As many as modal-labs/vprox takes.</summary>
    private const int MostAddresses = 1024;

    /// <summary>The options as they were typed.</summary>
    public sealed record Typed
    {
        public IReadOnlyList<string> Addresses { get; init; } = [];

        public string Block { get; init; } = DefaultBlock;

        public string BlockPerAddress { get; init; } = "/22";

        public string? Cloud { get; init; }

        public string MetadataUrl { get; init; } = "http://169.254.169.254";

        public IReadOnlyList<string> Allowed { get; init; } = [];

        public bool Standby { get; init; }

        public string StateDirectory { get; init; } = "/var/lib/vprox";

        public WireGuardBackend WireGuard { get; init; }

        public int Port { get; init; } = 443;

        public string? Password { get; init; }
    }

    /// <summary>The addresses to serve, in the order given; with <see cref="Cloud"/> none stands for all that EC2 shows.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>Where inner subnets are cut from.</summary>
    public required Ipv4Prefix Block { get; init; }

    /// <summary>True to take the addresses from EC2's IMDS.</summary>
    public required bool Cloud { get; init; }

    /// <summary>True to start although an address is not here.</summary>
    public required bool Standby { get; init; }

    /// <summary>The folder of all commands.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>What clients must know. Secret.</summary>
    public required string Password { get; init; }

    /// <summary>The node agent's options that follow.</summary>
    public required NodeAgentOptions Node { get; init; }

    /// <summary>Checks what was typed; false with all that is wrong, a sentence each.</summary>
    public static bool TryParse(Typed typed, [NotNullWhen(true)] out ServerOptions? options, out IReadOnlyList<string> errors)
    {
        var wrong = new List<string>();
        var addresses = new List<IPAddress>();
        foreach (var text in typed.Addresses)
        {
            if (!Ipv4.TryParse(text, out var address))
                wrong.Add($"--ip: \"{text}\" is not an IPv4 address");
            else if (addresses.Contains(address))
                wrong.Add($"--ip: {address} is given twice");
            else
                addresses.Add(address);
        }
        if (typed.Cloud is not (null or "aws"))
            wrong.Add($"--cloud: \"{typed.Cloud}\" is not known; aws is");
        if (typed.Cloud is null && typed.Addresses.Count == 0)
            wrong.Add("--ip is missing: the address of this host to serve (ip -4 address shows them), or --cloud aws");
        if (string.IsNullOrEmpty(typed.Password))
            wrong.Add("the environment variable VPROX_PASSWORD is not set: the word that clients must know");
        else if (typed.Password.Any(char.IsControl))
            wrong.Add("VPROX_PASSWORD holds a control character; it goes into an HTTP header and must be one line");
        if (Subnets(typed, wrong) is { } block && addresses.Count > Capacity(block))
            wrong.Add($"--wg-block: {block} holds {Capacity(block)} subnets of /{AddressLayout.InnerPrefixLength}, and {addresses.Count} addresses are given");
        if (addresses.Count > MostAddresses)
            wrong.Add($"--ip: at most {MostAddresses} addresses can be given");
        foreach (var text in typed.Allowed.Where(text => !Ipv4Prefix.TryParse(text, out _)))
            wrong.Add($"--allow: \"{text}\" is not an IPv4 prefix such as 10.0.0.0/8 (host bits must be zero)");
        var node = NodeOptions(typed);
        wrong.AddRange(node.Errors());
        errors = wrong;
        options = wrong.Count > 0 ? null : new ServerOptions
        {
            Addresses = addresses,
            Block = Ipv4Prefix.Parse(typed.Block),
            Cloud = typed.Cloud is not null,
            Standby = typed.Standby,
            StateDirectory = typed.StateDirectory,
            Password = typed.Password!,
            Node = node,
        };
        return options is not null;
    }

    /// <summary>How many addresses a block is enough for.</summary>
    public static int Capacity(Ipv4Prefix block) => 1 << Math.Min(AddressLayout.InnerPrefixLength - block.Length, 14);

    /// <summary>Never the password.</summary>
    public override string ToString() => string.Join(", ", Addresses);

    private static Ipv4Prefix? Subnets(Typed typed, List<string> wrong)
    {
        if (typed.BlockPerAddress != $"/{AddressLayout.InnerPrefixLength}")
            wrong.Add(string.Create(CultureInfo.InvariantCulture,
                $"--wg-block-per-ip: \"{typed.BlockPerAddress}\" cannot be had; an address's {AddressLayout.BlockCount} port blocks and its shared inner addresses lie in a /{AddressLayout.InnerPrefixLength}"));
        if (!Ipv4Prefix.TryParse(typed.Block, out var block))
            wrong.Add($"--wg-block: \"{typed.Block}\" is not an IPv4 prefix such as {DefaultBlock} (host bits must be zero)");
        else if (block.Length is < 8 or > AddressLayout.InnerPrefixLength)
            wrong.Add($"--wg-block: {block} is not a block of 8 to {AddressLayout.InnerPrefixLength} bits");
        else
            return block;
        return null;
    }

    private static NodeAgentOptions NodeOptions(Typed typed) => new()
    {
        NodeId = "server",
        MetadataUrl = typed.MetadataUrl,
        StateDirectory = typed.StateDirectory,
        HttpsPort = typed.Port,
        WireGuard = typed.WireGuard,
        // A network that is allowed makes a hole in those that are not.
        DeniedDestinations = [.. NodeAgentOptions.DefaultDeniedDestinations.Select(Ipv4Prefix.Parse)
            .SelectMany(denied => Without(denied, typed.Allowed.Where(text => Ipv4Prefix.TryParse(text, out _)).Select(Ipv4Prefix.Parse)))
            .Select(prefix => prefix.ToString())],
    };

    private static IEnumerable<Ipv4Prefix> Without(Ipv4Prefix denied, IEnumerable<Ipv4Prefix> allowed)
    {
        var holes = allowed.Where(hole => hole.Contains(denied) || denied.Contains(hole)).ToList();
        if (holes.Count == 0)
            return [denied];
        return holes.Any(hole => hole.Contains(denied)) ? []
            : [.. Without(denied.Subnet(denied.Length + 1, 0), holes), .. Without(denied.Subnet(denied.Length + 1, 1), holes)];
    }
}
