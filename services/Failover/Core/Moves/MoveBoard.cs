using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>
/// All moves under way, and what EC2 is believed to show. It is told of placements, answers and observations, and says which calls to make
/// next; a new one that is told the same placements and shown the same EC2 goes on where another was killed.
/// </summary>
public sealed partial record MoveBoard
{
    private MoveBoard()
    {
    }

    /// <summary>Nothing is known.</summary>
    public static MoveBoard Empty { get; } = new();

    /// <summary>Where addresses shall be.</summary>
    public Placements Placements { get; private init; } = Placements.Empty;

    /// <summary>The last observation of EC2, with what our own calls have changed since.</summary>
    public ObservedEc2 View { get; private init; } = ObservedEc2.Empty;

    /// <summary>By public address.</summary>
    public ImmutableSortedDictionary<string, AddressMove> Moves { get; private init; } =
        ImmutableSortedDictionary<string, AddressMove>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The addresses that EC2 does not show where they shall be, or has not been asked about yet.</summary>
    public ImmutableSortedSet<string> Open { get; private init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>What is to be given back to the subnets, and not before when.</summary>
    public ImmutableDictionary<LeftBehind, TimeSpan> LeftBehind { get; private init; } = ImmutableDictionary<LeftBehind, TimeSpan>.Empty;

    /// <summary>What others are to be told, in order.</summary>
    public ImmutableList<MoveEvent> Events { get; private init; } = [];

    /// <summary>What was under way in an earlier turn; it goes on once the Allocator has said anew where the address shall be.</summary>
    private ImmutableSortedDictionary<string, AddressMove> Earlier { get; init; } =
        ImmutableSortedDictionary<string, AddressMove>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The same without <see cref="Events"/>, once they are passed on.</summary>
    public MoveBoard Emptied() => Events.IsEmpty ? this : this with { Events = [] };

    /// <summary>Placements and releases have changed.</summary>
    /// <param name="placements">All of them.</param>
    /// <param name="changed">The addresses that may have changed; true for those that a message has just told of.</param>
    /// <param name="now">Since the start of this process.</param>
    public MoveBoard Follow(Placements placements, IReadOnlyDictionary<string, bool> changed, TimeSpan now)
    {
        var board = this with { Placements = placements };
        foreach (var (address, isNews) in changed)
        {
            if (placements.Desired.TryGetValue(address, out var desired))
            {
                if (board.Moves.GetValueOrDefault(address)?.Generation == desired.Generation) continue;
                board = board.With(Earlier.GetValueOrDefault(address) is { } earlier && earlier.Generation == desired.Generation
                    ? earlier
                    : new AddressMove(address, desired.Generation, now) { Desired = desired, AllocationId = desired.AllocationId, IsNews = isNews });
            }
            else if (placements.Released.TryGetValue(address, out var generation))
            {
                if (Moves.GetValueOrDefault(address)?.Generation == generation) continue;
                board = board.With(new AddressMove(address, generation, now)
                {
                    AllocationId = placements.Allocations.GetValueOrDefault(address) ?? View.AllocationIds.GetValueOrDefault(address),
                });
            }
            else
            {
                board = board.Without(address);
            }
        }
        return board;
    }

    /// <summary>
    /// Another replica may have acted meanwhile: nothing is believed any more, and nothing is done for an address before the Allocator has
    /// said anew where it shall be.
    /// </summary>
    public MoveBoard Doubted() => Empty with
    {
        Events = Events,
        Earlier = Earlier.SetItems(Moves.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Value with { Outstanding = 0, WrittenAt = null, StepBegun = null, Settled = false, NotBefore = TimeSpan.Zero, Lot = "" }))),
    };

    /// <summary>EC2 showed settled addresses somewhere else: they are moved back.</summary>
    public MoveBoard Reopen(IEnumerable<string> addresses)
    {
        var board = this;
        foreach (var address in addresses)
            if (Moves.TryGetValue(address, out var move)) board = board.With(move with { Settled = false, WrittenAt = null, NotBefore = TimeSpan.Zero });
        return board;
    }

    private MoveBoard With(AddressMove move) => this with
    {
        Moves = Moves.SetItem(move.Address, move),
        Open = move.Settled ? Open.Remove(move.Address) : Open.Add(move.Address),
    };

    private MoveBoard Without(string address) => this with { Moves = Moves.Remove(address), Open = Open.Remove(address) };

    private MoveBoard Saying(MoveEvent told) => this with { Events = Events.Add(told) };
}
