using System.Net;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Topology.Gateway;

/// <summary>What the VPC's router and internet gateway forward, read off EC2's state. Pure.</summary>
public sealed record VpcPath
{
    /// <summary>Every private address that has a way, with the link of the ENI that holds it and the ENI's primary address.</summary>
    public required IReadOnlyList<(IPAddress Private, IPAddress Primary, string Link)> Addresses { get; init; }

    /// <summary>Every Elastic IP that is associated, with its private address and a number that changes with the association.</summary>
    public required IReadOnlyList<(IPAddress Public, IPAddress Private, int Zone)> ElasticIps { get; init; }

    /// <summary>Nothing has a way.</summary>
    public static VpcPath None { get; } = new() { Addresses = [], ElasticIps = [] };

    public static VpcPath Of(Ec2State state)
    {
        var powered = state.NetworkInterfaces.Values
            .Where(eni => state.Instances[eni.InstanceId].State is not (InstanceState.Stopped or InstanceState.Terminated)).ToList();
        return new VpcPath
        {
            Addresses = [.. powered.SelectMany(eni => eni.Addresses.Select(address => (address, eni.PrimaryAddress, GatewayLink.Of(eni.Id))))],
            ElasticIps =
            [
                .. state.ElasticIps.Values.Where(ip => ip.Association is { } association
                        && powered.Any(eni => eni.Has(association.PrivateAddress)))
                    .Select(ip => (ip.PublicAddress, ip.Association!.PrivateAddress, Zone(ip.Association.Id))),
            ],
        };
    }

    // A conntrack zone is 16 bits; 0 is everybody's.
    private static int Zone(string associationId) =>
        (int)(Convert.ToInt64(associationId[(associationId.IndexOf('-', StringComparison.Ordinal) + 2)..], 16) % ushort.MaxValue) + 1;
}
