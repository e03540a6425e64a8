//! Rule files to the typed tree, as every host does it.

use guerdon_plan::hir::Program;
use guerdon_syntax::{Diagnostic, Renderer, Sink, SourceMap, parse_all};

/// Holds what is wrong with rule files.
#[derive(Debug)]
pub struct Faults {
    sources: SourceMap,
    faults: Vec<Diagnostic>,
}

impl Faults {
    /// Writes all messages.
    #[must_use]
    pub fn text(&self) -> String {
        let renderer = Renderer::default();
        self.faults
            .iter()
            .map(|fault| renderer.render(fault, &self.sources))
            .collect()
    }
}

/// Parses and checks rule files, each with the name by which others use it.
///
/// # Errors
///
/// [`Faults`] with all messages if one of them is an error.
pub fn read(files: &[(&str, &str)]) -> Result<Program, Box<Faults>> {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    for (name, text) in files {
        if let Err(fault) = sources.add(*name, text.as_bytes()) {
            sink.push(*fault);
        }
    }
    let trees = parse_all(&mut sources, &mut sink);
    let program = guerdon_plan::hir::check(&trees, &sources, &mut sink);
    if sink.has_errors() {
        return Err(Box::new(Faults {
            sources,
            faults: sink.finish(),
        }));
    }
    Ok(program)
}
