using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Workers;

/// <summary>Takes placements from wherever they come: parses them, opens their seal, and wakes who has to act.</summary>
public sealed class PlacementIntake(NodeState state, SealingKey sealingKey, Signals signals, TimeProvider time, ILogger<PlacementIntake> logger)
{
    private readonly ConcurrentDictionary<(IPAddress Address, long Generation), bool> _unopened = new();

    /// <summary>Takes a placement, on this node or on another.</summary>
    /// <param name="message">The message.</param>
    /// <param name="confirmed">True when it comes from a snapshot.</param>
    /// <exception cref="FormatException">The message is malformed.</exception>
    public void Take(StaticIpPlaced message, bool confirmed)
    {
        var placement = Open(message);
        switch (state.Take(placement, confirmed, time.GetUtcNow()))
        {
            case PlacementOutcome.Placed:
                logger.Placed(message.Address, message.PrivateAddress, message.NetworkInterfaceId, message.Generation, placement.Peers.Count);
                break;
            case PlacementOutcome.Completed:
                break;
            case PlacementOutcome.Lost:
                logger.Lost(message.Address, message.NodeId, message.Generation);
                break;
            case PlacementOutcome.Ignored or PlacementOutcome.Released:
                return;
        }
        signals.Reconcile.Raise();
        // It is on its way, here or away from here: IMDS is to be watched.
        signals.Metadata.Raise();
    }

    /// <summary>Takes a release.</summary>
    /// <exception cref="FormatException">The message is malformed.</exception>
    public void Take(StaticIpReleased message)
    {
        if (state.Release(Addressing.Ipv4.Parse(message.Address), message.Generation) != PlacementOutcome.Released)
            return;
        logger.Released(message.Address, message.Generation);
        signals.Reconcile.Raise();
    }

    /// <summary>Parses a placement and opens its seal when it is for this node.</summary>
    /// <exception cref="FormatException">The message is malformed.</exception>
    public Placement Open(StaticIpPlaced message)
    {
        if (!PlacementParser.TryParse(message, out var placement, out var error))
            throw new FormatException(error);
        if (placement.NodeId != state.NodeId)
            return placement;
        try
        {
            return placement with { Identity = SealedIdentity.Open(sealingKey, placement.Message.SealedIdentity, placement.Address, placement.NodeId) };
        }
        catch (CryptographicException)
        {
            // Sealed to a key this node had before: joining again tells the Allocator the key it has now. Once for each placement, not in a circle.
            if (_unopened.TryAdd((placement.Address, placement.Generation), true))
            {
                logger.SealDidNotOpen(message.Address, message.Generation);
                signals.Snapshot.Raise();
            }
            return placement;
        }
    }
}
