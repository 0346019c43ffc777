//! Pairs the runs of marker characters that begin and end marks, by the rules of CommonMark 0.31 (section 6.2). Called by
//! `inlines`.

use crate::tokens::{N_KINDS, Run, Token};
use crate::tree::Mark;

/// A run that may be paired with a later one.
struct Start {
    run: usize,
    n_left: usize,
}

/// Finds the marks of a text, and stores them in the runs. Marks never overlap in part, neither with each other nor with
/// links. Blank lines end all marks but the last spoiler: what its author hides stays hidden.
///
/// The cost is linear: for each kind of run, each start is looked at once without success.
pub(crate) fn pair(tokens: &[Token], runs: &mut [Run]) {
    let mut starts: Vec<Start> = Vec::new();
    // For each kind of run, the number of starts that are known not to fit.
    let mut n_unfit = [0; N_KINDS];
    let mut outside = None;
    for token in tokens {
        match token {
            Token::Run(i) => end_and_start(*i, runs, &mut starts, &mut n_unfit),
            Token::LinkStart(_) => {
                outside = Some((starts.len(), n_unfit));
                n_unfit = [starts.len(); N_KINDS];
            }
            Token::LinkEnd(_) => {
                let Some((n_starts, n_unfit_outside)) = outside.take() else { continue };
                starts.truncate(n_starts);
                n_unfit = n_unfit_outside;
            }
            Token::ParagraphEnd => {
                let spoiler = starts.iter().rposition(|start| runs[start.run].text == "||");
                starts = spoiler.map(|i| starts.swap_remove(i)).into_iter().collect();
                n_unfit = [0; N_KINDS];
            }
            _ => {}
        }
    }
}

fn end_and_start(i: usize, runs: &mut [Run], starts: &mut Vec<Start>, n_unfit: &mut [usize; N_KINDS]) {
    let mut n_left = runs[i].text.len();
    let kind = runs[i].kind();
    while n_left > 0 && runs[i].may_end {
        let fitting = (n_unfit[kind]..starts.len()).rev().find(|s| runs[starts[*s].run].fits(&runs[i]));
        let Some(fitting) = fitting else {
            n_unfit[kind] = starts.len();
            break;
        };
        starts.truncate(fitting + 1);
        let start = &mut starts[fitting];
        let mark = mark(runs[i].text, n_left.min(start.n_left));
        runs[start.run].starts.push(mark);
        runs[i].ends.push(mark);
        n_left -= mark.n_chars();
        start.n_left -= mark.n_chars();
        if start.n_left == 0 {
            starts.truncate(fitting);
        }
        for n in n_unfit.iter_mut() {
            *n = starts.len().min(*n);
        }
    }
    if n_left > 0 && runs[i].may_start {
        starts.push(Start { run: i, n_left });
    }
}

/// Returns the mark of a run of which the start and the end have `n_left` characters left.
fn mark(run: &str, n_left: usize) -> Mark {
    match run.as_bytes()[0] {
        b'~' => Mark::Strikethrough,
        b'|' => Mark::Spoiler,
        _ if n_left >= 2 => Mark::Strong,
        _ => Mark::Emphasis,
    }
}
