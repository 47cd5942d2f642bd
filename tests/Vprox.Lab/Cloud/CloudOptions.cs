using System.Net;

namespace Vprox.Lab.Cloud;

/// <summary>Where a cloud listens.</summary>
public sealed record CloudOptions
{
    public required CloudSeed Seed { get; init; }

    /// <summary>EC2, SQS and the /lab/ API; port 0 takes a free one.</summary>
    public string ApiAddress { get; init; } = "127.0.0.1";

    public int ApiPort { get; init; }

    /// <summary>Further ports that answer the same.</summary>
    public IReadOnlyList<int> MoreApiPorts { get; init; } = [];

    /// <summary>IMDS for callers known by their source address, e.g. 169.254.169.254; null for none.</summary>
    public string? MetadataAddress { get; init; }

    public int MetadataPort { get; init; } = 80;

    /// <summary>Instances that get an IMDS listener of their own on loopback, for tests without namespaces.</summary>
    public IReadOnlyList<string> MetadataPortFor { get; init; } = [];

    public CloudSettings Settings { get; init; } = new();
}
