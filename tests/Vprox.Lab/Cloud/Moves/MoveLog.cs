using System.Net;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Moves;

/// <summary>Every move of an address since the log was last emptied.</summary>
public sealed class MoveLog
{
    private readonly Lock _lock = new();
    private readonly List<AddressMove> _moves = [];

    public IReadOnlyList<AddressMove> Moves { get { lock (_lock) return [.. _moves]; } }

    public void Clear()
    {
        lock (_lock)
            _moves.Clear();
    }

    public void Record(Ec2State before, Ec2State after, string action, Moment called, Moment decided)
    {
        var moves = Between(before, after)
            .Select(move => new AddressMove((move.To ?? move.From)!.PrivateAddress, move.Public, move.From, move.To, action, called, decided, null))
            .ToList();
        lock (_lock)
            _moves.AddRange(moves);
    }

    /// <summary>The data path has followed all that was decided up to a moment.</summary>
    public void TookEffect(DateTimeOffset decidedUpTo, Moment now)
    {
        lock (_lock)
        {
            for (var index = 0; index < _moves.Count; index++)
                if (_moves[index] is { Effective: null } move && move.Decided.Wall <= decidedUpTo)
                    _moves[index] = move with { Effective = now };
        }
    }

    private static IEnumerable<(string? Public, AddressPlace? From, AddressPlace? To)> Between(Ec2State before, Ec2State after)
    {
        foreach (var ip in after.ElasticIps.Values)
        {
            var (from, to) = (AddressPlace.Of(before, before.ElasticIps.GetValueOrDefault(ip.AllocationId)), AddressPlace.Of(after, ip));
            if (from != to)
                yield return (ip.PublicAddress.ToString(), from, to);
        }
        var (was, now) = (WithoutElasticIp(before), WithoutElasticIp(after));
        foreach (var address in was.Keys.Union(now.Keys))
            if (was.GetValueOrDefault(address) is var from && now.GetValueOrDefault(address) is var to && from != to && Plain(before, after, address))
                yield return (null, from, to);
    }

    // One that gains or loses its Elastic IP is told with the Elastic IP.
    private static bool Plain(Ec2State before, Ec2State after, IPAddress address) =>
        before.ElasticIpOn(address) is null && after.ElasticIpOn(address) is null;

    private static Dictionary<IPAddress, AddressPlace> WithoutElasticIp(Ec2State state)
    {
        var translated = state.ElasticIps.Values.Select(ip => ip.Association?.PrivateAddress).OfType<IPAddress>().ToHashSet();
        return state.NetworkInterfaces.Values
            .SelectMany(eni => eni.SecondaryAddresses.Select(address => (eni, address)))
            .Where(held => !translated.Contains(held.address))
            .ToDictionary(held => held.address, held => new AddressPlace(held.eni.InstanceId, held.eni.Id, held.address.ToString()));
    }
}
